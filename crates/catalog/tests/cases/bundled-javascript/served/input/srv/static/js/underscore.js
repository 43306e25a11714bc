//     Underscore.js 1.8.3
//     http://packages.example
(function() {})();
