-- The journal, and the log over it. Bytes are kept as they were written and never read here.

create table entry (
    place       integer primary key autoincrement,  -- order of commit: there is one writer
    stream      blob    not null,
    version     integer not null check (version > 0),
    tenant      blob    not null,
    header      blob    not null,
    hash        blob    not null,
    wrapped_key blob,                               -- null after lawful erasure
    ciphertext  blob,                               -- null after lawful erasure
    unique (stream, version)
) strict;

-- Entries that the log has not taken up: a short queue, so that the sealer never walks the journal.
create table entry_unlogged (
    place integer primary key references entry (place)
) strict;

create table log_entry (
    log_index integer primary key,                  -- from 0, without gaps
    stream    blob    not null,
    version   integer not null,
    unique (stream, version)
) strict;

-- C2SP tlog-tiles, height 8; only the widest form of a tile is kept.
create table log_tile (
    level      integer not null,
    tile_index integer not null,
    bytes      blob    not null,
    primary key (level, tile_index)
) strict;

create table log_checkpoint (
    size integer primary key,
    root blob    not null,
    note text    not null,
    at   integer not null                           -- microseconds since 1970, UTC, as every instant here
) strict;

-- Answers given under a caller's key, so that a repeated request does nothing.
create table remembered (
    key     blob    primary key,
    request blob    not null,
    answer  blob    not null,
    at      integer not null
) strict, without rowid;
