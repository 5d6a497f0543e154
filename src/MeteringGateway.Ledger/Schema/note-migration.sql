insert into migrations (name, checksum) values (@name, @checksum);
