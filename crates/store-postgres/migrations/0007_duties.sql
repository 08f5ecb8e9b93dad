-- The clocks of all incidents, so that lists, feeds and reminders read what is due and nothing else. No words of anybody.

create table duty (
    incident    uuid     not null,
    rule        text     not null collate "C",      -- in the pack
    tenant      uuid     not null,
    unit        uuid     not null,
    lead        uuid,
    pack        text     not null,
    state       smallint not null,                  -- 0 open, 1 answered for, 2 left when the incident ended
    turn        bigint   not null generated always as (case state when 1 then coalesce(-answered_at, 9223372036854775807) else coalesce(due_at, 9223372036854775807) end) stored,  -- open: by date, those without one last; answered: newest first
    due_at      bigint,
    late_after  bigint,
    since       bigint,
    whole_day   boolean  not null,
    excused     boolean  not null,
    answered_at bigint,
    primary key (incident, rule)
);

create index duty_turn on duty (tenant, state, turn, incident, rule);
create index duty_unit on duty (tenant, unit, state, turn, incident, rule);
create index duty_lead on duty (tenant, lead, state, turn, incident, rule);

-- Incidents from before have duties in their entries, which only the program can open: its first job writes these rows.
insert into job (id, kind, body, key, state, due_at, attempt, token, note)
select gen_random_uuid(), 'fill_duties', convert_to('{"do":"fill_duties","after":null}', 'UTF8'), 'fill-duties/', 0, 0, 0, 0, ''
 where exists (select from incident);
