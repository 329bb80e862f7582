-- Ids are 26-character text, times are microseconds since 1970 (UTC), flags are 0 or 1.
CREATE TABLE person (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('staff', 'buyer')),
    name TEXT NOT NULL,
    email TEXT UNIQUE,
    phone TEXT UNIQUE,
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    last_seen BIGINT
);

CREATE TABLE membership (
    person_id TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'merchant', 'host', 'assistant', 'fulfilment')),
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('house', 'brand', 'show')),
    scope_id TEXT NOT NULL,
    PRIMARY KEY (person_id, role, scope_kind, scope_id)
);

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    until BIGINT NOT NULL
);

CREATE TABLE secret (
    purpose TEXT NOT NULL CHECK (purpose IN ('setup', 'link', 'code')),
    hash TEXT NOT NULL,
    subject TEXT NOT NULL,
    until BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (purpose, hash)
);

-- One row, written at the first start and changed in settings: JSON read whole.
CREATE TABLE house (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL,
    settings TEXT NOT NULL
);
