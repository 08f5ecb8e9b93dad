-- Half-written public reports, and the files of drafts and of the record.

create table draft (
    token      bytea   primary key,
    tenant     uuid    not null,
    version    integer not null,
    expires_at bigint  not null,
    sealed     bytea   not null
);

create index draft_expiry on draft (expires_at);

create table file (
    id            uuid   primary key,
    tenant        uuid   not null,
    draft         bytea,
    stream        uuid,
    size          bigint not null,
    cipher_digest bytea  not null,
    wrapped_key   bytea,                            -- null after lawful erasure
    sealed        bytea  not null,
    at            bigint not null,
    check ((draft is null) <> (stream is null))
);

create index file_draft  on file (draft, at)  where draft is not null;
create index file_stream on file (stream, at) where stream is not null;
