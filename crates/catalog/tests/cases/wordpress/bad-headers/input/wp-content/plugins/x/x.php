<?php /* Plugin Name: */
