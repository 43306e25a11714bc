<?php $wp_version = 
