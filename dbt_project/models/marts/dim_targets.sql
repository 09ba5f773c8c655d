{{ contracted(ref('targets')) }}
