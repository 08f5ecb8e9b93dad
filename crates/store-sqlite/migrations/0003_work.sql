-- Wrapped keys, leases, jobs and the outbox of mail.

create table wrapped_key (
    tenant  blob    not null,                       -- empty for a key of the installation
    purpose text    not null,
    version integer not null,
    wrapped blob    not null,
    primary key (tenant, purpose, version)
) strict, without rowid;

create table lease (
    name   text    primary key,
    holder text    not null,
    token  integer not null,
    until  integer not null
) strict, without rowid;

create table job (
    id      blob    primary key,
    kind    text    not null,
    body    blob    not null,
    key     text,
    state   integer not null,                       -- 0 waiting, 1 claimed, 2 given up
    due_at  integer,                                -- waiting: not before; claimed: end of the lease; given up: null
    attempt integer not null,
    token   integer not null,
    note    text    not null
) strict, without rowid;

create index        job_due    on job (due_at) where due_at is not null;
create index        job_failed on job (state)  where state = 2;
create unique index job_key    on job (key)    where state = 0 and key is not null;

create table mail (
    n          integer primary key,
    id         blob    not null unique,
    tenant     blob    not null,
    message_id text    not null,
    statutory  integer not null,
    sealed     blob    not null,
    state      integer not null,                    -- 0 pending, 1 submitting, 2 accepted, 3 failed, 4 in doubt
    due_at     integer,                             -- pending: not before, or end of the lease; submitting: end of the lease
    attempt    integer not null,
    token      integer not null,
    answer     text    not null,
    at         integer not null
) strict;

create index mail_due     on mail (due_at) where due_at is not null;
create index mail_trouble on mail (state)  where state in (3, 4);
create index mail_tenant  on mail (tenant);
