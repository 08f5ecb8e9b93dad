-- What people prove who they are with besides a password, and how often they may try.

create table factor (
    id       uuid     primary key,
    account  uuid     not null references account (id),
    kind     smallint not null,                     -- 1 a program that shows codes, 2 a passkey, 3 a recovery code
    found_by bytea    not null,                     -- keyed hash of the passkey's id or of the code
    made_at  bigint   not null,
    used_at  bigint,
    step     bigint   not null,                     -- the newest step a code was taken of, or uses of a passkey
    sealed   bytea    not null,
    constraint factor_found_by unique (found_by)
);

create index factor_account on factor (account, made_at);

-- Something begun and not ended: a sign-in between its steps, a passkey's challenge.
create table ceremony (
    secret  bytea  primary key,                     -- keyed hash of what the browser holds
    account uuid,
    ends_at bigint not null,
    sealed  bytea  not null
);

create index ceremony_end on ceremony (ends_at);

create table throttle (
    key      bytea   primary key,                   -- keyed hash of an account's name or of a network
    failures integer not null,
    at       bigint  not null,
    open_at  bigint  not null
);

create index throttle_at on throttle (at);

-- A fresh proof of a session, for one act.
create table step_up (
    session uuid   not null references session (id) on delete cascade,
    what    bytea  not null,                        -- keyed hash of the act
    at      bigint not null,
    primary key (session, what)
);

-- An account at an identity provider, by issuer and subject and by nothing else.
create table identity (
    found_by bytea  primary key,                    -- keyed hash of issuer and subject
    account  uuid   not null references account (id),
    made_at  bigint not null,
    sealed   bytea  not null
);

create index identity_account on identity (account);

-- Sessions from before rest on a password alone: everybody comes in by the new door once.
delete from session;
