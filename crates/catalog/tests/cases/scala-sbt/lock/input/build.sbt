scalaVersion := "3.3.1"
libraryDependencies += "com.example" %% "parcels" % "2.+"
