<?php
/* Plugin Name: Hello
Version: 1.7.2
License: own words
*/
