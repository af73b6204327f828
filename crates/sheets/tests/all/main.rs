//! Tests of the importer as its callers see it.

#[cfg(test)]
mod csv;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod history;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod inspectors;
#[cfg(test)]
mod json;
#[cfg(test)]
mod layout;
#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod receipt;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod sources;
