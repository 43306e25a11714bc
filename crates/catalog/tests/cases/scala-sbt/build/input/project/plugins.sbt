addSbtPlugin("com.example" % "sbt-build" % "1.9.0")
