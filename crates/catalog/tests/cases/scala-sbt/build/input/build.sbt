ThisBuild / scalaVersion := "2.13.12"
ThisBuild / organization := "com.example"

val parcelsVersion = "2.7.1"

lazy val root = (project in file("."))
  .settings(
    name := "courier",
    libraryDependencies ++= Seq(
      "com.example" %% "parcels" % parcelsVersion, // sends them
      "com.example" % "stamps" % "0.9" exclude("a", "b"),
      "org.example" %% "checker" % "3.2.18" % Test,
      "org.example" % "servlet" % "4.0.1" % "provided",
      "org.example" %%% "js-thing" % computed
    )
  )
