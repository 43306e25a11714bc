{application,x
