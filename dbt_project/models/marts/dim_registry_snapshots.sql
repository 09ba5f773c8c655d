{{ contracted(ref('stg_registry__snapshots')) }}
