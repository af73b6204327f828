-- The office: bureaus and their people, registers, items, plans, the ledger.
-- {int}, {bytes} and {strict} are put in by migrate.rs. Every row belongs to a bureau; what is not known is ''.

CREATE TABLE installation (
    id {int} PRIMARY KEY,
    origin TEXT NOT NULL,
    verifier TEXT NOT NULL,
    created_at {int} NOT NULL
) {strict};

CREATE TABLE bureaus (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    superior TEXT NOT NULL,
    created_at {int} NOT NULL
) {strict};

-- 股室、站、大队 and the departments of joint inspections.
CREATE TABLE departments (
    bureau TEXT NOT NULL REFERENCES bureaus (code),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    created_at {int} NOT NULL,
    closed_at {int} NOT NULL,
    PRIMARY KEY (bureau, name)
) {strict};

CREATE TABLE accounts (
    login TEXT PRIMARY KEY,
    bureau TEXT NOT NULL REFERENCES bureaus (code),
    person TEXT NOT NULL,
    department TEXT NOT NULL,
    certificate TEXT NOT NULL,
    roles TEXT NOT NULL,
    password TEXT NOT NULL,
    created_at {int} NOT NULL,
    closed_at {int} NOT NULL,
    failures {int} NOT NULL,
    locked_until {int} NOT NULL
) {strict};

CREATE INDEX accounts_by_bureau ON accounts (bureau, login);

-- One-time links by which a person sets a password; the first one sets up the installation and has no account.
CREATE TABLE invitations (
    token TEXT PRIMARY KEY,
    login TEXT NOT NULL,
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    used_at {int} NOT NULL
) {strict};

CREATE TABLE sessions (
    token TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    login TEXT NOT NULL REFERENCES accounts (login),
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    created_at {int} NOT NULL,
    seen_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    ended_at {int} NOT NULL
) {strict};

CREATE INDEX sessions_by_login ON sessions (login, created_at);

CREATE TABLE ledger_entries (
    id TEXT PRIMARY KEY,
    at {int} NOT NULL,
    bureau TEXT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    public {int} NOT NULL,
    body TEXT NOT NULL
) {strict};

CREATE INDEX ledger_by_bureau ON ledger_entries (bureau, id);
CREATE INDEX ledger_public ON ledger_entries (id) WHERE public = 1;
CREATE INDEX ledger_by_subject ON ledger_entries (bureau, subject, id);

-- Entries that have no place in the tree yet.
CREATE TABLE ledger_pending (
    id TEXT PRIMARY KEY
) {strict};

CREATE TABLE ledger_leaves (
    leaf {int} PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL
) {strict};

CREATE TABLE ledger_checkpoints (
    size {int} PRIMARY KEY,
    note TEXT NOT NULL,
    frontier TEXT NOT NULL,
    at {int} NOT NULL
) {strict};

-- 污染源名录库: one row a version. until_at is the largest number while the version holds.
CREATE TABLE source_versions (
    bureau TEXT NOT NULL REFERENCES bureaus (code),
    target TEXT NOT NULL,
    version {int} NOT NULL,
    from_at {int} NOT NULL,
    until_at {int} NOT NULL,
    act TEXT NOT NULL,
    ground TEXT NOT NULL,
    author TEXT NOT NULL,
    inside {int} NOT NULL,
    confirmed_on TEXT NOT NULL,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    is_key {int} NOT NULL,
    administration TEXT NOT NULL,
    stations {int} NOT NULL,
    credit TEXT NOT NULL,
    status TEXT NOT NULL,
    licence_until TEXT NOT NULL,
    missing {int} NOT NULL,
    search TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bureau, target, version)
) {strict};

CREATE UNIQUE INDEX sources_now ON source_versions (bureau, target) WHERE until_at = 9223372036854775807;
CREATE INDEX sources_by_level ON source_versions (bureau, until_at, inside, level, target);
CREATE INDEX sources_by_licence ON source_versions (bureau, until_at, licence_until);
CREATE INDEX sources_by_confirmed ON source_versions (bureau, until_at, confirmed_on);

-- 执法检查人员名录库.
CREATE TABLE inspector_versions (
    bureau TEXT NOT NULL REFERENCES bureaus (code),
    certificate TEXT NOT NULL,
    version {int} NOT NULL,
    from_at {int} NOT NULL,
    until_at {int} NOT NULL,
    act TEXT NOT NULL,
    ground TEXT NOT NULL,
    author TEXT NOT NULL,
    inside {int} NOT NULL,
    department TEXT NOT NULL,
    joined_on TEXT NOT NULL,
    left_on TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    post TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    search TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bureau, certificate, version)
) {strict};

CREATE UNIQUE INDEX inspectors_now ON inspector_versions (bureau, certificate) WHERE until_at = 9223372036854775807;
CREATE INDEX inspectors_by_validity ON inspector_versions (bureau, until_at, valid_until);

-- 请假: days on which an inspector is away. Withdrawn rows stay: they held until then.
CREATE TABLE leaves (
    bureau TEXT NOT NULL REFERENCES bureaus (code),
    id TEXT NOT NULL,
    certificate TEXT NOT NULL,
    kind TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    ground TEXT NOT NULL,
    author TEXT NOT NULL,
    recorded_at {int} NOT NULL,
    withdrawn_at {int} NOT NULL,
    withdrawn_by TEXT NOT NULL,
    withdrawn_ground TEXT NOT NULL,
    PRIMARY KEY (bureau, id)
) {strict};

CREATE INDEX leaves_by_inspector ON leaves (bureau, certificate, from_day);
CREATE INDEX leaves_by_end ON leaves (bureau, until_day);

-- 回避: an inspector who does not go to a source: a site, or all sites of an enterprise by its code.
CREATE TABLE recusals (
    bureau TEXT NOT NULL REFERENCES bureaus (code),
    id TEXT NOT NULL,
    certificate TEXT NOT NULL,
    source TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    ground TEXT NOT NULL,
    author TEXT NOT NULL,
    recorded_at {int} NOT NULL,
    withdrawn_at {int} NOT NULL,
    withdrawn_by TEXT NOT NULL,
    withdrawn_ground TEXT NOT NULL,
    PRIMARY KEY (bureau, id)
) {strict};

CREATE INDEX recusals_by_inspector ON recusals (bureau, certificate);
CREATE INDEX recusals_by_source ON recusals (bureau, source);

-- 导入: an uploaded file waits for its second look, then is applied once or given up.
CREATE TABLE imports (
    bureau TEXT NOT NULL REFERENCES bureaus (code),
    id TEXT NOT NULL,
    register TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file {bytes} NOT NULL,
    sha256 TEXT NOT NULL,
    author TEXT NOT NULL,
    uploaded_at {int} NOT NULL,
    state TEXT NOT NULL,
    settled_at {int} NOT NULL,
    settled_by TEXT NOT NULL,
    fresh {int} NOT NULL,
    changed {int} NOT NULL,
    unchanged {int} NOT NULL,
    wrong {int} NOT NULL,
    joined {int} NOT NULL,
    skipped {int} NOT NULL,
    objections TEXT NOT NULL,
    PRIMARY KEY (bureau, id)
) {strict};

CREATE INDEX imports_by_time ON imports (bureau, uploaded_at);

-- 抽查事项. `edition` counts published texts of an item; `version` counts every act on it. A draft of the next edition
-- stands beside the published one in draft_body, which is '' where there is none.
CREATE TABLE item_versions (
    bureau TEXT NOT NULL REFERENCES bureaus (code),
    code TEXT NOT NULL,
    version {int} NOT NULL,
    from_at {int} NOT NULL,
    until_at {int} NOT NULL,
    act TEXT NOT NULL,
    ground TEXT NOT NULL,
    author TEXT NOT NULL,
    edition {int} NOT NULL,
    state TEXT NOT NULL,
    waits {int} NOT NULL,
    department TEXT NOT NULL,
    published_on TEXT NOT NULL,
    search TEXT NOT NULL,
    body TEXT NOT NULL,
    draft_body TEXT NOT NULL,
    PRIMARY KEY (bureau, code, version)
) {strict};

CREATE UNIQUE INDEX items_now ON item_versions (bureau, code) WHERE until_at = 9223372036854775807;

-- 年度计划 and 实施方案. `version` counts every act on a plan, `edition` its texts; each edition has one row that holds.
-- `state` is the name of the state, `standing` all of it.
CREATE TABLE plan_versions (
    bureau TEXT NOT NULL REFERENCES bureaus (code),
    number TEXT NOT NULL,
    version {int} NOT NULL,
    from_at {int} NOT NULL,
    until_at {int} NOT NULL,
    act TEXT NOT NULL,
    ground TEXT NOT NULL,
    author TEXT NOT NULL,
    kind TEXT NOT NULL,
    year {int} NOT NULL,
    under TEXT NOT NULL,
    edition {int} NOT NULL,
    state TEXT NOT NULL,
    standing TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (bureau, number, version)
) {strict};

CREATE UNIQUE INDEX plans_now ON plan_versions (bureau, number, edition) WHERE until_at = 9223372036854775807;
-- One edition in force and one underway at most.
CREATE UNIQUE INDEX plans_in_force ON plan_versions (bureau, number)
    WHERE until_at = 9223372036854775807 AND state = 'published';
CREATE UNIQUE INDEX plans_underway ON plan_versions (bureau, number)
    WHERE until_at = 9223372036854775807 AND state IN ('draft', 'submitted', 'returned', 'approved');
CREATE INDEX plans_by_kind ON plan_versions (bureau, until_at, kind, year);
