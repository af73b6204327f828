//! The whole application, called without a socket.

mod administrators;
mod office;
mod routes;
