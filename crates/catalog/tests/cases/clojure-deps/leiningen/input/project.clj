(defproject com.example/courier "0.1.0-SNAPSHOT"
  :description "Delivers parcels"
  :dependencies [[org.clojure/clojure "1.11.1"]
                 [parcels "2.7.1" :exclusions [stamps]]
                 [org.example/checker "1.66" :scope "test"]]
  :plugins [[lein-ring "0.12.6"]]
  :profiles {:dev {:dependencies [[org.example/mock "0.4"]]}
             :uberjar {:aot :all}})
