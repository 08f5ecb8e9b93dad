-- The clocks of all incidents, so that lists, feeds and reminders read what is due and nothing else. No words of anybody.

create table duty (
    incident    blob    not null,
    rule        text    not null,                   -- in the pack
    tenant      blob    not null,
    unit        blob    not null,
    lead        blob,
    pack        text    not null,
    state       integer not null,                   -- 0 open, 1 answered for, 2 left when the incident ended
    turn        integer not null generated always as (case state when 1 then coalesce(-answered_at, 9223372036854775807) else coalesce(due_at, 9223372036854775807) end) virtual,  -- open: by date, those without one last; answered: newest first
    due_at      integer,
    late_after  integer,
    since       integer,
    whole_day   integer not null,
    excused     integer not null,
    answered_at integer,
    primary key (incident, rule)
) strict, without rowid;

create index duty_turn on duty (tenant, state, turn, incident, rule);
create index duty_unit on duty (tenant, unit, state, turn, incident, rule);
create index duty_lead on duty (tenant, lead, state, turn, incident, rule);

-- Incidents from before have duties in their entries, which only the program can open: its first job writes these rows.
insert into job (id, kind, body, key, state, due_at, attempt, token, note)
select randomblob(16), 'fill_duties', cast('{"do":"fill_duties","after":null}' as blob), 'fill-duties/', 0, 0, 0, 0, ''
 where exists (select 1 from incident);
