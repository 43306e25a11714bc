{application,shop,
             [{modules,['Elixir.Shop']},
              {applications,[kernel,stdlib,jason]},
              {registered,[]},
              {description,"shop"},
              {vsn,"0.1.0"},
              {licenses,["Apache-2.0"]}]}.
