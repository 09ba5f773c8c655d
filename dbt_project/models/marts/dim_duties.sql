{{ contracted(ref('duty_figures')) }}
