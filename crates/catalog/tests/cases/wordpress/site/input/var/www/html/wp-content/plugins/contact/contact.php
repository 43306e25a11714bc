<?php
/**
 * Plugin Name: Contact Form
 * Plugin URI: https://plugins.example/contact
 * Description: Forms.
 * Version: 5.9.2
 * Author: Forms Team
 * License: GPLv2 or later
 */
