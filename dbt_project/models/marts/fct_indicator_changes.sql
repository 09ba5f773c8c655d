{{ contracted(ref('int_changes_computed')) }}
