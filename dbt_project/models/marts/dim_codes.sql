{{ contracted(ref('code_lists')) }}
