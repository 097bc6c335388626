module kfops.test/passes

go 1.25.0
