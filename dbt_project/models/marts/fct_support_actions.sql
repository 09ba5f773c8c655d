{{ contracted(ref('int_support_actions_resolved')) }}
