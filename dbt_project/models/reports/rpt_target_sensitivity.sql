{{ config(materialized='view') }}

with

sensitivity as (
    select * from {{ ref('fct_target_sensitivity') }}
)

{{ contracted('sensitivity') }}
