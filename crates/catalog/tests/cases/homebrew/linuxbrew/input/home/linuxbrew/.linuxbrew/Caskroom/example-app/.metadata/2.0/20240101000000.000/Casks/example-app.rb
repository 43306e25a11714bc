cask "example-app" do
