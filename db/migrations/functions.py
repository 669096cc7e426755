"""The functions of the database, each as a migration made it: `create` goes before it.

Old migrations run through here for ever, and `db/functions.py` says which of them hold today: never change one, add another.
"""

APP_NOW = "function app_now() returns timestamptz language sql stable parallel safe return now()"

LEGAL_TODAY = (
    "function legal_today() returns date language sql stable parallel safe"
    " return (app_now() at time zone 'Europe/London')::date"
)

# unaccent() is only stable, because its dictionary could be changed; ours is the one the extension brings
FOLDED_NAME = (
    "function folded_name(name text) returns text language sql immutable strict parallel safe"
    " return lower(unaccent('unaccent'::regdictionary, normalize(name, nfc)))"
)

NAME_PATTERNS = (
    "function name_patterns(wanted text) returns text[] language sql immutable strict parallel safe return"
    " (select array_agg('% ' || regexp_replace(word, '([\\\\%_])', '\\\\\\1', 'g') || '%' order by length(word) desc)"
    " from regexp_split_to_table(folded_name(wanted), '[^[:alnum:]]+') as word where word <> '')"
)

# by the beginnings of words; by likeness only where nothing begins so, because that has to look at far more names
MEMBERS_NAMED = (
    "function members_named(wanted text) returns setof uuid language sql stable security definer rows 100"
    " begin atomic with beginning as materialized (select m.id from membership m"
    " where m.trust_id = (select nullif(current_setting('app.trust', true), '')::uuid)"
    " and m.search_name like (name_patterns(wanted))[1] and m.search_name like all (name_patterns(wanted)))"
    " select id from beginning union all select m.id from membership m"
    " where m.trust_id = (select nullif(current_setting('app.trust', true), '')::uuid)"
    " and folded_name(wanted) <% m.search_name and not exists (select from beginning); end"
)
