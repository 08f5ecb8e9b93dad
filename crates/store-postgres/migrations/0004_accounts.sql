-- The organisation: agencies, units, accounts, roles, sessions, tokens, settings.

create table tenant (
    id   uuid  primary key,
    code text  not null,
    body bytea not null,
    constraint tenant_code unique (code)
);

create table unit (
    id     uuid  primary key,
    tenant uuid  not null references tenant (id),
    parent uuid,
    code   text  not null,
    body   bytea not null,
    constraint unit_code unique (code)
);

create table account (
    id          uuid   primary key,
    tenant      uuid   not null references tenant (id),
    login       bytea  not null,
    password    text,
    disabled_at bigint,
    sealed      bytea  not null,
    constraint account_login unique (login)
);

create table assignment (
    account    uuid    not null references account (id),
    place      integer not null,
    unit       uuid    not null,
    role       text    not null,
    valid_from bigint  not null,
    until      bigint,
    primary key (account, place)
);

create table session (
    id         uuid   primary key,
    secret     bytea  not null,
    account    uuid   not null references account (id),
    started_at bigint not null,
    seen_at    bigint not null,
    ends_at    bigint not null,
    idle_until bigint not null,
    proved_at  bigint not null,
    sealed     bytea  not null,
    constraint session_secret unique (secret)
);

create index session_account on session (account, started_at);
create index session_end     on session (ends_at);

create table token (
    secret       bytea  primary key,
    account      uuid   not null references account (id),
    scopes       text   not null,
    ends_at      bigint not null,
    withdrawn_at bigint
);

create table attempt (
    key        bytea   primary key,
    started_at bigint  not null,
    ends_at    bigint  not null,
    count      integer not null
);

create index attempt_end on attempt (ends_at);

create table setting (
    tenant uuid  not null,                          -- all zeroes for the installation
    name   text  not null,
    value  bytea not null,
    primary key (tenant, name)
);

-- One row: grows with every change to the directory or to a setting.
create table directory_version (
    one     smallint primary key check (one = 1),
    version bigint   not null
);

insert into directory_version (one, version) values (1, 0);
