{{ contracted(ref('int_cooperatives_assessed')) }}
