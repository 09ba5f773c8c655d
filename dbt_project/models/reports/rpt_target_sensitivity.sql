{{ config(materialized='view') }}

{{ contracted(ref('fct_target_sensitivity')) }}
