-- Half-written public reports, and the files of drafts and of the record.

create table draft (
    token      blob    primary key,
    tenant     blob    not null,
    version    integer not null,
    expires_at integer not null,
    sealed     blob    not null
) strict, without rowid;

create index draft_expiry on draft (expires_at);

create table file (
    id            blob    primary key,
    tenant        blob    not null,
    draft         blob,
    stream        blob,
    size          integer not null,
    cipher_digest blob    not null,
    wrapped_key   blob,                             -- null after lawful erasure
    sealed        blob    not null,
    at            integer not null,
    check ((draft is null) <> (stream is null))
) strict, without rowid;

create index file_draft  on file (draft, at)  where draft is not null;
create index file_stream on file (stream, at) where stream is not null;
