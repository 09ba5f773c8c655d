-- a function, since before the first publication there is no table to read
select * from quality.published_identities()
