-- What lists are ordered and filtered by. Readable words stay sealed in `summary`.
-- `n` counts reports and incidents together, in the order they were recorded.

create table report (
    n             integer primary key,
    id            blob    not null unique,
    tenant        blob    not null,
    unit          blob    not null,
    handling_unit blob    not null,
    reference     text    not null unique,
    secret        blob    not null unique,
    received_at   integer not null,
    state         integer not null,
    urgency       integer not null,
    patience      integer not null generated always as (-urgency) virtual,  -- ascending twin, so that one index serves the cursor
    claimed_by    blob,
    claimed_at    integer,
    incident      blob,
    version       integer not null,
    summary       blob    not null
) strict;

create index report_inbox      on report (tenant, state, patience, received_at, id);
create index report_unit_inbox on report (tenant, handling_unit, state, patience, received_at, id);

create table incident (
    n         integer primary key,
    id        blob    not null unique,
    tenant    blob    not null,
    unit      blob    not null,
    reference text    not null,
    opened_at integer not null,
    state     integer not null,
    lead      blob,
    next_due  integer,
    source    blob,
    version   integer not null,
    summary   blob    not null,
    unique (tenant, reference)
) strict;

-- Every index ends in the row's `n` by itself, which is the order of the lists.
create unique index incident_source   on incident (tenant, source) where source is not null;
create index        incident_tenant   on incident (tenant);
create index        incident_state    on incident (tenant, state);

-- Keyed tokens only: rowid is `n`; the text itself is nowhere.
create virtual table word using fts5 (
    tokens,
    content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- From this stream the account sees nothing.
create table exclusion (
    stream  blob not null,
    account blob not null,
    primary key (stream, account)
) strict, without rowid;

create table rollup (
    tenant    blob    not null,
    year      integer not null,
    dimension text    not null,
    value     text    not null,
    incidents integer not null,
    people    integer not null,
    primary key (tenant, year, dimension, value)
) strict, without rowid;

-- The last running number given out; numbers are never given twice.
create table running_number (
    tenant blob    not null,
    year   integer not null,
    last   integer not null,
    primary key (tenant, year)
) strict, without rowid;
