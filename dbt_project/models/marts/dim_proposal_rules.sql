{{ contracted(ref('proposal_rules')) }}
