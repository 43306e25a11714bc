{application,jason,
             [{modules,['Elixir.Jason','Elixir.Jason.Codegen']},
              {optional_applications,[decimal]},
              {applications,[kernel,stdlib,elixir,decimal]},
              {description,"A blazing fast JSON parser and generator in pure Elixir.\n"},
              {registered,[]},
              {vsn,"1.4.1"}]}.
