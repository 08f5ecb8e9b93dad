-- What each of the roles may do, and the wall between agencies. Run by the owner, as often as one likes.
--
-- The owner is not held by the wall: it migrates, copies and restores. `tocsin.tenant` is set by the product on each
-- connection: one agency where a verb is about one, `*` where its own work walks over all.

grant usage on schema public to tocsin_app, tocsin_intake, tocsin_verifier;

-- The application: everything it needs, and of the journal and its log no change but the erasure that a law asks for.
grant select, insert, update, delete on all tables in schema public to tocsin_app;
grant usage on all sequences in schema public to tocsin_app;
revoke insert, update, delete on migration from tocsin_app;
revoke update, delete on entry, log_entry, log_checkpoint from tocsin_app;
revoke delete on log_tile, report, incident, rollup, running_number, wrapped_key from tocsin_app;
grant update (wrapped_key, ciphertext) on entry to tocsin_app;

-- Intake: a report goes in, and nothing comes out.
grant insert on entry, entry_unlogged, report, word, exclusion, job, mail, remembered to tocsin_intake;
grant usage on sequence record_number to tocsin_intake;

-- The verifier: reads what is verified, and nothing that lets somebody in.
grant select on all tables in schema public to tocsin_verifier;
revoke all on session, token, attempt, draft, remembered, mail from tocsin_verifier;
revoke select on account from tocsin_verifier;
grant select (id, tenant, login, disabled_at, sealed) on account to tocsin_verifier;

do $$
declare
    walled text;
begin
    foreach walled in array array['entry', 'report', 'incident', 'duty', 'rollup', 'running_number', 'mail', 'draft', 'file']
    loop
        execute format('alter table %I enable row level security', walled);
        execute format('drop policy if exists agency on %I', walled);
        execute format(
            'create policy agency on %I to tocsin_app
                 using      (current_setting(''tocsin.tenant'', true) = ''*''
                             or tenant = nullif(nullif(current_setting(''tocsin.tenant'', true), ''*''), '''')::uuid)
                 with check (current_setting(''tocsin.tenant'', true) = ''*''
                             or tenant = nullif(nullif(current_setting(''tocsin.tenant'', true), ''*''), '''')::uuid)', walled);
        execute format('drop policy if exists intake on %I', walled);
        execute format('create policy intake on %I for insert to tocsin_intake with check (true)', walled);
        execute format('drop policy if exists verifier on %I', walled);
        execute format('create policy verifier on %I for select to tocsin_verifier using (true)', walled);
    end loop;
end
$$;

-- Files of drafts nobody sent are removed; a file of the record is not, whoever asks.
drop policy if exists record on file;
create policy record on file as restrictive for delete to tocsin_app using (draft is not null);
