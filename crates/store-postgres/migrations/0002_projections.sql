-- What lists are ordered and filtered by. Readable words stay sealed in `summary`.
-- `n` counts reports and incidents together, in the order they were recorded.

create sequence record_number as bigint;

create table report (
    n             bigint   primary key,
    id            uuid     not null,
    tenant        uuid     not null,
    unit          uuid     not null,
    handling_unit uuid     not null,
    reference     text     not null,
    secret        bytea    not null,
    received_at   bigint   not null,
    state         smallint not null,
    urgency       smallint not null,
    patience      integer  not null generated always as (-urgency::integer) stored,  -- ascending twin, so that one index serves the cursor
    claimed_by    uuid,
    claimed_at    bigint,
    incident      uuid,
    version       integer  not null,
    summary       bytea    not null,
    constraint report_id        unique (id),
    constraint report_reference unique (reference),
    constraint report_secret    unique (secret)
);

create index report_inbox      on report (tenant, state, patience, received_at, id);
create index report_unit_inbox on report (tenant, handling_unit, state, patience, received_at, id);

-- Keyed by agency first, and `n` has no index of its own: a list of a small agency can only be read from that
-- agency's range, never by walking everybody's newest incidents in the hope of meeting some of its own.
create table incident (
    n         bigint   not null,
    id        uuid     not null,
    tenant    uuid     not null,
    unit      uuid     not null,
    reference text     not null,
    opened_at bigint   not null,
    state     smallint not null,
    lead      uuid,
    next_due  bigint,
    source    bytea,
    version   integer  not null,
    summary   bytea    not null,
    primary key (tenant, n),
    constraint incident_id        unique (id),
    constraint incident_reference unique (tenant, reference)
);

create unique index incident_source on incident (tenant, source) where source is not null;
create index        incident_state  on incident (tenant, state, n desc);

-- Keyed tokens only, each as sixteen hexadecimal digits.
create table word (
    n      bigint   primary key,
    tokens tsvector not null
);

-- Without the pending list: a search never pays for rows that somebody else wrote.
create index word_tokens on word using gin (tokens) with (fastupdate = off);

-- From this stream the account sees nothing.
create table exclusion (
    stream  uuid not null,
    account uuid not null,
    primary key (stream, account)
);

create table rollup (
    tenant    uuid     not null,
    year      smallint not null,
    dimension text     not null,
    value     text     not null,
    incidents bigint   not null,
    people    bigint   not null,
    primary key (tenant, year, dimension, value)
);

-- The last running number given out; numbers are never given twice.
create table running_number (
    tenant uuid     not null,
    year   smallint not null,
    last   bigint   not null,
    primary key (tenant, year)
);
