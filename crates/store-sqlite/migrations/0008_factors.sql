-- What people prove who they are with besides a password, and how often they may try.

create table factor (
    id       blob    primary key,
    account  blob    not null references account (id),
    kind     integer not null,                      -- 1 a program that shows codes, 2 a passkey, 3 a recovery code
    found_by blob    not null unique,               -- keyed hash of the passkey's id or of the code
    made_at  integer not null,
    used_at  integer,
    step     integer not null,                      -- the newest step a code was taken of, or uses of a passkey
    sealed   blob    not null
) strict, without rowid;

create index factor_account on factor (account, made_at);

-- Something begun and not ended: a sign-in between its steps, a passkey's challenge.
create table ceremony (
    secret  blob    primary key,                    -- keyed hash of what the browser holds
    account blob,
    ends_at integer not null,
    sealed  blob    not null
) strict, without rowid;

create index ceremony_end on ceremony (ends_at);

create table throttle (
    key      blob    primary key,                   -- keyed hash of an account's name or of a network
    failures integer not null,
    at       integer not null,
    open_at  integer not null
) strict, without rowid;

create index throttle_at on throttle (at);

-- A fresh proof of a session, for one act.
create table step_up (
    session blob    not null references session (id) on delete cascade,
    what    blob    not null,                       -- keyed hash of the act
    at      integer not null,
    primary key (session, what)
) strict, without rowid;

-- An account at an identity provider, by issuer and subject and by nothing else.
create table identity (
    found_by blob    primary key,                   -- keyed hash of issuer and subject
    account  blob    not null references account (id),
    made_at  integer not null,
    sealed   blob    not null
) strict, without rowid;

create index identity_account on identity (account);

-- Sessions from before rest on a password alone: everybody comes in by the new door once.
delete from session;
