plugins {
    id("java")
    id("com.example.build") version "3.1"
}

dependencies {
    implementation("com.example:parcels:2.+") // sends parcels
    annotationProcessor("com.example:compiler:1.0.1")
    testImplementation("org.example:checker:4.13.2") {
        exclude(group = "org.example", module = "other")
    }
}
