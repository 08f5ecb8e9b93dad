-- The organisation: agencies, units, accounts, roles, sessions, tokens, settings.

create table tenant (
    id   blob primary key,
    code text not null unique,
    body blob not null
) strict, without rowid;

create table unit (
    id     blob primary key,
    tenant blob not null references tenant (id),
    parent blob,
    code   text not null unique,
    body   blob not null
) strict, without rowid;

create table account (
    id          blob primary key,
    tenant      blob not null references tenant (id),
    login       blob not null unique,
    password    text,
    disabled_at integer,
    sealed      blob not null
) strict, without rowid;

create table assignment (
    account    blob    not null references account (id),
    place      integer not null,
    unit       blob    not null,
    role       text    not null,
    valid_from integer not null,
    until      integer,
    primary key (account, place)
) strict, without rowid;

create table session (
    id         blob    primary key,
    secret     blob    not null unique,
    account    blob    not null references account (id),
    started_at integer not null,
    seen_at    integer not null,
    ends_at    integer not null,
    idle_until integer not null,
    proved_at  integer not null,
    sealed     blob    not null
) strict, without rowid;

create index session_account on session (account, started_at);
create index session_end     on session (ends_at);

create table token (
    secret       blob    primary key,
    account      blob    not null references account (id),
    scopes       text    not null,
    ends_at      integer not null,
    withdrawn_at integer
) strict, without rowid;

create table attempt (
    key        blob    primary key,
    started_at integer not null,
    ends_at    integer not null,
    count      integer not null
) strict, without rowid;

create index attempt_end on attempt (ends_at);

create table setting (
    tenant blob not null,                           -- empty for the installation
    name   text not null,
    value  blob not null,
    primary key (tenant, name)
) strict, without rowid;

-- One row: grows with every change to the directory or to a setting.
create table directory_version (
    one     integer primary key check (one = 1),
    version integer not null
) strict;

insert into directory_version (one, version) values (1, 0);
