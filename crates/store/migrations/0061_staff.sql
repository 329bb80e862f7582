-- A way to become staff, once. token_hash: who reads the table cannot accept.
CREATE TABLE invitation (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'merchant', 'host', 'assistant', 'fulfilment')),
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('house', 'brand', 'show')),
    scope_id TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    invited_by TEXT,
    created_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    used_at BIGINT
);

-- Personal API tokens. scopes: JSON of acts, read whole.
CREATE TABLE api_token (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX api_token_of ON api_token (person_id);

-- Who did what. Only ever added to; person_id NULL: the house itself.
CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    person_id TEXT,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT,
    show_id TEXT
);
CREATE INDEX audit_of_show ON audit (show_id, id);
