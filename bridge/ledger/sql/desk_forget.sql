-- Answers that nobody asks for again. $1 how long they are kept, in hours
delete from desk_answer where made_at < clock_timestamp() - make_interval(secs => 3600 * $1::float8)
