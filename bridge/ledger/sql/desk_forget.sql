-- Answers that nobody asks for again. $1 how long they are kept, in hours
select forget_answers($1::float8)
