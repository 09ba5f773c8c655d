{{ contracted(ref('int_organisations_new')) }}
