from django.urls import path

from shop import views

urlpatterns = [
    path("stock/<int:item>", views.stock),
    path("label/<int:item>", views.label),
    path("picture", views.picture),
]
