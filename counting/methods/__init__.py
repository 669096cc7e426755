"""One file a method, each with one public function that counts."""
