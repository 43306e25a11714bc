import sbt._

object Dependencies {
  val driver = "com.example" % "driver" % "1.2"
}
