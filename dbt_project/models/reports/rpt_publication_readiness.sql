{{ contracted(ref('fct_publication_readiness')) }}
