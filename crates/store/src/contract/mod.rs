//! The contract suite: what every backend must do, as tests that run by name on each.
//!
//! A backend's test file says how to make an empty store and invokes the suite:
//! ```text
//! async fn make_store() -> store::contract::Fresh { … }
//! store::contract!(make_store);
//! ```
//! To add a test: write it in the room it belongs to and name it in the list below; a test here fails when one is
//! written and not named.

pub mod accounts;
pub mod append;
pub mod bytes;
pub mod drafts;
pub mod duties;
pub mod factors;
pub mod inbox;
pub mod jobs;
pub mod keeping;
pub mod keys;
pub mod log;
pub mod mail;
pub mod remember;
pub mod rollups;
pub mod search;
pub mod unique;
pub mod walls;
pub mod world;

pub use world::{Fresh, World};

/// Every test of the suite as a `#[tokio::test]` of the calling crate, each on a store of its own.
#[macro_export]
macro_rules! contract {
    ($make:ident) => {
        $crate::contract_rooms! { $make;
            append {
                entries_come_back_in_order,
                several_streams_come_back_in_the_order_asked,
                a_stream_that_moved_refuses,
                of_racing_appenders_one_wins,
                writers_of_different_streams_all_succeed,
                a_refused_change_leaves_nothing,
                a_refused_change_does_not_fail_its_neighbours,
                one_change_may_fill_many_streams,
                an_empty_change_is_committed,
                erasure_leaves_the_header,
                what_cannot_be_meant_is_a_fault,
            }
            remember {
                a_repeated_request_hears_the_first_answer,
                a_key_serves_one_request,
                doubles_at_the_same_moment_act_once,
                old_answers_are_forgotten,
            }
            unique {
                a_report_reference_is_taken_once,
                a_status_secret_is_taken_once,
                an_incident_reference_is_taken_once_in_its_agency,
                a_source_is_imported_once,
                a_login_is_taken_once,
                a_code_is_taken_once,
                a_row_does_not_collide_with_itself,
                known_sources_are_told,
            }
            rollups {
                counts_add_up_and_go_down,
                counts_from_many_writers_lose_nothing,
                numbers_run_for_each_agency_and_year,
                numbers_never_repeat,
            }
            log {
                a_scan_meets_every_entry_once,
                entries_wait_in_commit_order,
                the_log_gives_back_its_leaves,
                a_log_of_another_size_is_left_alone,
                of_racing_sealers_one_wins,
                a_sealer_beside_writers_skips_nothing,
                tiles_are_never_narrowed,
                checkpoints_are_kept,
                a_log_holds_what_the_journal_holds,
            }
            inbox {
                a_report_is_found_by_each_of_its_names,
                a_report_keeps_its_number,
                the_inbox_is_ordered_by_harm_then_age,
                turning_pages_meets_every_report_once,
                the_inbox_is_narrowed_by_state_and_unit,
                an_excluded_viewer_sees_no_report,
                a_scan_meets_every_report_once,
            }
            search {
                an_incident_is_found_by_each_of_its_names,
                an_incident_keeps_its_number,
                the_list_is_newest_first,
                every_filter_gives_each_match_once,
                rare_and_common_words_are_both_found,
                words_are_replaced,
                thousands_of_words_find_one_incident,
                words_of_reports_are_not_incidents,
                an_excluded_viewer_sees_no_incident,
                exclusions_can_be_asked,
                a_scan_meets_every_incident_once,
            }
            duties {
                a_duty_is_listed_with_its_incident_and_replaced,
                duties_come_in_turn,
                duties_are_forgotten_with_their_incident,
                turning_pages_meets_every_duty_once,
                duties_are_narrowed_by_unit_and_lead,
                an_excluded_viewer_sees_no_duty,
                a_scan_meets_every_duty_once,
            }
            jobs {
                a_due_job_is_claimed,
                claimers_never_share,
                a_crashed_worker_loses_its_job,
                a_finished_job_is_gone,
                a_job_is_tried_again_when_it_says,
                a_failed_job_stays_in_sight,
                one_job_waits_per_key,
                a_running_job_does_not_swallow_the_next,
                the_backlog_counts_what_is_due,
                a_kind_of_job_is_looked_for,
                a_lease_has_one_holder,
                a_takeover_raises_the_token,
                of_racing_holders_one_gets_the_lease,
            }
            mail {
                a_message_is_sent_once,
                claimers_of_mail_never_share,
                a_crash_before_handing_over_is_tried_again,
                a_crash_while_handing_over_is_in_doubt,
                a_message_not_taken_is_tried_again,
                a_refused_message_stays_in_sight,
                what_may_have_arrived_is_in_doubt,
                a_second_doubt_waits_for_a_person,
                a_second_crash_waits_for_a_person,
                mail_in_trouble_is_told,
                the_mailbox_is_newest_first,
            }
            drafts {
                a_draft_is_saved_over_the_version_seen,
                of_racing_windows_one_saves,
                an_expired_draft_is_not_found,
                purging_gives_back_the_files,
                files_are_listed_oldest_first,
                a_draft_file_can_be_taken_out,
                a_file_of_the_record_stays,
                an_erased_file_stays_as_a_row,
                a_scan_meets_every_file_once,
            }
            accounts {
                the_directory_holds_the_organisation,
                the_directory_version_grows,
                assignments_are_replaced,
                a_login_leads_to_its_account,
                a_session_is_seen_in_one_go,
                a_session_ends_by_itself,
                a_disabled_account_is_nobody,
                sessions_are_ended_as_asked,
                a_token_works_until_it_ends,
                tokens_are_listed_by_agency,
                attempts_are_counted_in_a_window,
                attempts_at_the_same_moment_all_count,
                settings_are_kept_apart,
            }
            factors {
                factors_are_kept_by_account,
                a_code_is_used_once,
                a_ceremony_is_ended_once,
                waits_grow_and_end,
                turns_at_the_same_moment_all_count,
                a_proof_is_for_one_act_of_one_session,
                an_identity_leads_to_one_account,
            }
            keys {
                the_first_key_wins,
                nodes_agree_on_a_key,
            }
            walls {
                another_agency_sees_nothing,
                lists_never_cross_the_wall,
                a_row_stays_with_its_agency,
            }
            bytes {
                what_was_written_is_read_back,
            }
            keeping {
                health_is_told,
                a_copy_is_made_while_others_write,
            }
        }
    };
}

/// Spells out [`contract!`], room by room.
#[doc(hidden)]
#[macro_export]
macro_rules! contract_rooms {
    ($make:ident; $($room:ident { $($test:ident),+ $(,)? })+) => {$(
        mod $room {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let world = $crate::contract::World::found(super::$make().await).await;
                $crate::contract::$room::$test(world).await;
            }
        )+}
    )+};
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn every_written_test_is_in_the_list() {
        let list: BTreeSet<&str> = include_str!("mod.rs").split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let rooms = [
            include_str!("append.rs"),
            include_str!("remember.rs"),
            include_str!("unique.rs"),
            include_str!("rollups.rs"),
            include_str!("log.rs"),
            include_str!("inbox.rs"),
            include_str!("search.rs"),
            include_str!("duties.rs"),
            include_str!("jobs.rs"),
            include_str!("mail.rs"),
            include_str!("drafts.rs"),
            include_str!("accounts.rs"),
            include_str!("factors.rs"),
            include_str!("keys.rs"),
            include_str!("walls.rs"),
            include_str!("bytes.rs"),
            include_str!("keeping.rs"),
        ];
        for written in rooms.iter().flat_map(|room| room.split("pub async fn ").skip(1)) {
            let name = written.split('(').next().unwrap_or_default();
            assert!(list.contains(name), "{name} is written and does not run");
        }
    }
}
