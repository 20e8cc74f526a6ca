-- What may be forgotten is forgotten by these, with their owner's rights: the workers' role deletes nothing else.

create function forget_passes() returns trigger language plpgsql security definer set search_path from current as $$
begin
    -- Passes of more than a day ago bound nothing any more.
    delete from passing where at < new.at - interval '24 hours';
    return null;
end $$;
create trigger passes_are_forgotten after insert on passing for each row execute function forget_passes();

create function forget_answers(hours float8) returns void language sql security definer
    set search_path from current as $$
    delete from desk_answer where made_at < clock_timestamp() - make_interval(secs => 3600 * hours)
$$;
