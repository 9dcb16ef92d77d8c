package main

const edition = "november"
