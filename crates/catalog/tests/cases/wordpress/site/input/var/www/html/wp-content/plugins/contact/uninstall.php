<?php
// nothing
