defmodule Web.MixProject do
  use Mix.Project

  def project do
    [
      app: :web,
      version: "0.1.0",
      lockfile: "../../mix.lock",
      deps: deps()
    ]
  end

  # What it needs.
  defp deps do
    [
      {:jason, "~> 1.4"},
      {:maps, git: "https://git.example/team/maps.git", tag: "v1.0"},
      {:store, in_umbrella: true, path: "../store"},
      {:bypass, "~> 2.1", only: :test}
    ]
  end
end
