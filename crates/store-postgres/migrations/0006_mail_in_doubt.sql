-- How often nobody could tell whether a message had arrived. Once, and information goes out again; a second time a person decides.

alter table mail add column doubts integer not null default 0;
